"""What Kestrel sells, as written by its buyers: category, then `name | origin | roast | price | weight`."""

ASSORTMENT = {
    "Single Origin": """
        Yirgacheffe Konga | Ethiopia | 1 | 14.90 | 250
        Sidamo Bensa | Ethiopia | 2 | 14.50 | 250
        Guji Uraga | Ethiopia | 1 | 16.20 | 250
        Harrar Longberry | Ethiopia | 3 | 13.80 | 250
        Limu Kossa | Ethiopia | 2 | 13.40 | 250
        Kirinyaga AA | Kenya | 2 | 17.50 | 250
        Nyeri Hill Peaberry | Kenya | 2 | 18.20 | 250
        Embu Gold | Kenya | 3 | 15.90 | 250
        Lake Kivu Washed | Rwanda | 2 | 14.20 | 250
        Nyamasheke Honey | Rwanda | 2 | 15.10 | 250
        Kayanza Heza | Burundi | 2 | 14.70 | 250
        Huila El Mirador | Colombia | 3 | 13.20 | 250
        Nariño La Florida | Colombia | 2 | 14.10 | 250
        Tolima Las Nubes | Colombia | 3 | 12.90 | 250
        Sierra Nevada Arhuaco | Colombia | 3 | 13.60 | 250
        Antigua Los Volcanes | Guatemala | 3 | 13.90 | 250
        Huehuetenango Finca Rosma | Guatemala | 2 | 14.80 | 250
        Cobán Cloud Forest | Guatemala | 3 | 13.10 | 250
        Tarrazú La Pastora | Costa Rica | 3 | 14.30 | 250
        Tres Ríos Honey | Costa Rica | 2 | 15.40 | 250
        Boquete Geisha | Panama | 1 | 39.00 | 200
        Marcala Organic | Honduras | 3 | 11.90 | 250
        Copán Highlands | Honduras | 4 | 11.40 | 250
        Jinotega Reserve | Nicaragua | 3 | 12.10 | 250
        Santa Ana Pacamara | El Salvador | 2 | 15.70 | 250
        Cerrado Fazenda Primavera | Brazil | 4 | 10.90 | 250
        Mantiqueira Yellow Bourbon | Brazil | 3 | 11.80 | 250
        Sul de Minas Santa Rita | Brazil | 4 | 10.40 | 250
        Cajamarca El Diamante | Peru | 3 | 12.40 | 250
        Villa Rica Organic | Peru | 3 | 12.70 | 250
        Caranavi Colonial | Bolivia | 2 | 15.20 | 250
        Sumatra Gayo Mountain | Indonesia | 5 | 12.60 | 250
        Sulawesi Toraja | Indonesia | 4 | 13.70 | 250
        Java Frinsa Estate | Indonesia | 3 | 15.60 | 250
        Monsooned Malabar | India | 5 | 11.60 | 250
        Mocha Haraaz | Yemen | 3 | 24.50 | 200""",
    "Espresso Blends": """
        Kestrel House Espresso | Brazil | 4 | 9.90 | 250
        Night Hawk Espresso | Indonesia | 5 | 10.20 | 250
        Red Wing Espresso | Colombia | 4 | 10.80 | 250
        Harbour Espresso | Brazil | 5 | 9.60 | 250
        Milano Bar | India | 5 | 9.40 | 250
        Copper Kettle Espresso | Guatemala | 4 | 11.20 | 250
        Velvet Talon | Brazil | 4 | 11.50 | 250
        Falcon Ristretto | Indonesia | 5 | 11.10 | 250
        Sunday Crema | Brazil | 4 | 10.50 | 250
        Barista Kilo | Brazil | 4 | 27.90 | 1000
        House Espresso Kilo | Brazil | 4 | 31.50 | 1000
        Roma Forte Kilo | India | 5 | 26.80 | 1000
        Wild Heather Espresso | Ethiopia | 3 | 12.30 | 250
        Tramline Espresso | Honduras | 4 | 9.80 | 250
        Old Town Espresso | Peru | 4 | 10.10 | 250
        Blue Hour Espresso | Kenya | 3 | 12.80 | 250""",
    "Filter Blends": """
        Morning Flight | Ethiopia | 2 | 10.40 | 250
        Meadow Filter | Rwanda | 2 | 10.90 | 250
        Fjord Filter | Kenya | 1 | 12.20 | 250
        Lighthouse Filter | Guatemala | 3 | 10.60 | 250
        Office Brew Kilo | Brazil | 3 | 28.40 | 1000
        Breakfast Club | Colombia | 3 | 9.70 | 250
        Slow Sunday | Costa Rica | 2 | 11.30 | 250
        Canal House Filter | Honduras | 3 | 9.50 | 250
        Nordic Light | Ethiopia | 1 | 12.60 | 250
        Rainy Day Filter | Nicaragua | 3 | 9.90 | 250
        Paper Boat | Burundi | 2 | 11.60 | 250
        Workshop Filter Kilo | Peru | 3 | 30.20 | 1000
        Autumn Leaves | Guatemala | 3 | 10.80 | 250
        First Snow | Kenya | 2 | 12.40 | 250""",
    "Decaf": """
        Decaf House Blend | Brazil | 4 | 11.20 | 250
        Decaf Huila Sugarcane | Colombia | 3 | 13.40 | 250
        Decaf Sidamo | Ethiopia | 2 | 14.20 | 250
        Decaf Espresso Forte | Brazil | 5 | 11.90 | 250
        Decaf Mountain Water | Mexico | 3 | 12.80 | 250
        Half Caff Breakfast | Colombia | 3 | 10.90 | 250
        Decaf Sumatra | Indonesia | 5 | 12.30 | 250
        Decaf Office Kilo | Brazil | 4 | 34.50 | 1000""",
    "Cold Brew": """
        Cold Brew Classic | Brazil | 3 | 12.50 | 500
        Cold Brew Citrus | Ethiopia | 2 | 13.20 | 500
        Cold Brew Cocoa | Guatemala | 4 | 13.10 | 500
        Nitro Can Original | Colombia | 3 | 3.40 | 250
        Nitro Can Vanilla | Colombia | 3 | 3.60 | 250
        Cold Brew Bags | Honduras | 4 | 9.80 | 300
        Iced Tonic Concentrate | Kenya | 2 | 14.80 | 500""",
    "Capsules": """
        Capsule Ristretto | India | 5 | 5.60 | 55
        Capsule Lungo | Colombia | 3 | 5.40 | 55
        Capsule House Espresso | Brazil | 4 | 5.30 | 55
        Capsule Sidamo | Ethiopia | 2 | 6.20 | 55
        Capsule Huila | Colombia | 3 | 6.10 | 55
        Capsule Decaf | Brazil | 4 | 5.70 | 55
        Capsule Sumatra Dark | Indonesia | 5 | 5.90 | 55
        Capsule Morning Light | Rwanda | 2 | 5.80 | 55
        Capsule Variety Box | Brazil | 3 | 27.50 | 330
        Capsule Office Pack | Brazil | 4 | 49.00 | 900
        Capsule Caramel | Brazil | 3 | 6.40 | 55
        Capsule Winter Spice | Guatemala | 4 | 6.60 | 55""",
    "Espresso Machines": """
        Aero One Espresso Machine | | | 249.00 | 5200
        Aero Duo Espresso Machine | | | 429.00 | 8900
        Talon Compact | | | 189.00 | 4100
        Talon Pro | | | 649.00 | 12400
        Bianca Lever Machine | | | 899.00 | 14800
        Piccolo Capsule Machine | | | 129.00 | 2900
        Piccolo Plus Capsule Machine | | | 169.00 | 3300
        Forte Bean to Cup | | | 749.00 | 10900
        Forte Office Bean to Cup | | | 1290.00 | 15600
        Nido Travel Espresso Maker | | | 79.00 | 340
        Classica Stovetop Machine | | | 44.90 | 780""",
    "Grinders": """
        Burr Mini Hand Grinder | | | 49.90 | 520
        Burr Steel Hand Grinder | | | 119.00 | 640
        Burr Titan Hand Grinder | | | 199.00 | 710
        Millstone 40 Grinder | | | 159.00 | 2800
        Millstone 64 Grinder | | | 349.00 | 5600
        Millstone 83 Grinder | | | 690.00 | 11200
        Quiet Mill Electric Grinder | | | 219.00 | 3100
        Daily Blade Grinder | | | 29.90 | 900
        Filterworks Grinder | | | 279.00 | 3900
        Espresso Dial Grinder | | | 389.00 | 6100""",
    "Brewers": """
        Hario-Style Dripper Ceramic | | | 24.50 | 420
        Copper Dripper | | | 39.00 | 310
        Glass Chemist Brewer | | | 46.00 | 650
        French Press Small | | | 27.90 | 540
        French Press Large | | | 38.50 | 820
        Steel French Press | | | 59.00 | 990
        Moka Pot Three Cup | | | 32.00 | 450
        Moka Pot Six Cup | | | 41.00 | 690
        Drip Master Coffee Maker | | | 179.00 | 3400
        Siphon Brewer | | | 92.00 | 1200
        Cold Brew Tower | | | 149.00 | 2600
        Travel Press Mug | | | 34.90 | 390""",
    "Kettles": """
        Gooseneck Kettle Classic | | | 54.00 | 980
        Gooseneck Kettle Electric | | | 119.00 | 1600
        Precision Kettle | | | 159.00 | 1700
        Stovetop Kettle Copper | | | 89.00 | 1100
        Camp Kettle | | | 36.50 | 600
        Glass Tea Kettle | | | 62.00 | 1050""",
    "Accessories": """
        Paper Filters 100 | | | 5.90 | 180
        Bamboo Filters 50 | | | 4.80 | 120
        Reusable Steel Filter | | | 18.90 | 90
        Tamper 58 | | | 34.00 | 480
        Tamping Mat | | | 14.50 | 260
        Milk Jug 350 | | | 19.90 | 220
        Milk Jug 600 | | | 23.90 | 290
        Brew Scale | | | 44.00 | 410
        Brew Scale Pro | | | 98.00 | 520
        Knock Box | | | 27.00 | 700
        Descaler Sachets | | | 9.90 | 150
        Cleaning Tablets | | | 12.40 | 170
        Storage Tin Matte Black | | | 16.50 | 310
        Coffee Scoop Brass | | | 11.90 | 60
        Milk Frother Wand | | | 21.50 | 190
        Water Filter Cartridge | | | 13.80 | 140""",
    "Loose Leaf Tea": """
        Assam Second Flush | India | | 11.40 | 125
        Darjeeling First Flush | India | | 16.80 | 100
        Ceylon Orange Pekoe | Sri Lanka | | 9.90 | 125
        Sencha Green | Japan | | 13.60 | 100
        Genmaicha | Japan | | 12.90 | 100
        Jasmine Pearls | China | | 18.20 | 100
        Lapsang Souchong | China | | 12.10 | 100
        Earl Grey Supreme | Sri Lanka | | 10.60 | 125
        English Breakfast Tea | India | | 9.40 | 125""",
    "Herbal Tea": """
        Peppermint Leaf | Morocco | | 7.90 | 80
        Chamomile Flowers | Croatia | | 8.40 | 60
        Rooibos Vanilla | South Africa | | 8.90 | 100
        Ginger Lemon | Peru | | 8.20 | 100
        Hibiscus Berry | Egypt | | 7.60 | 100""",
    "Hot Chocolate": """
        Dark Hot Chocolate 70 | Peru | | 10.90 | 250
        Milk Hot Chocolate | Ghana | | 9.60 | 250
        Chilli Hot Chocolate | Mexico | | 11.30 | 250
        Cocoa Nibs | Ghana | | 8.80 | 200
        White Hot Chocolate | Ghana | | 10.20 | 250""",
    "Gift Sets": """
        Barista Starter Kit | | | 89.00 | 1800
        Coffee Around the World Box | | | 49.90 | 1100
        Espresso Lovers Box | | | 42.50 | 1000
        Decaf Discovery Box | | | 39.50 | 800
        Tea Time Hamper | | | 54.00 | 1400
        Pour Over Gift Set | | | 74.00 | 1500
        Advent Coffee Calendar | | | 69.00 | 1900
        Taster Pack Six | | | 32.90 | 640
        Office Welcome Hamper | | | 119.00 | 3600""",
    "Mugs & Cups": """
        Kestrel Mug Cream | | | 14.90 | 380
        Kestrel Mug Forest Green | | | 14.80 | 380
        Espresso Cup Pair | | | 18.50 | 300
        Cappuccino Cup Pair | | | 22.50 | 480
        Double Wall Glass Pair | | | 26.00 | 260
        Travel Tumbler Steel | | | 31.00 | 350
        Enamel Camp Mug | | | 12.60 | 210""",
}

DISCONTINUED = {
    "Limu Kossa": "2023-11-30",
    "Cobán Cloud Forest": "2024-05-31",
    "Embu Gold": "2025-02-28",
    "Old Town Espresso": "2024-08-31",
    "Tramline Espresso": "2025-06-30",
    "Canal House Filter": "2024-03-31",
    "Capsule Caramel": "2024-12-31",
    "Daily Blade Grinder": "2024-01-31",
    "Talon Compact": "2025-04-30",
    "Camp Kettle": "2024-09-30",
    "Bamboo Filters 50": "2023-08-31",
    "Lapsang Souchong": "2025-01-31",
    "White Hot Chocolate": "2024-04-30",
    "Nitro Can Vanilla": "2025-09-30",
}
LAUNCHED = {
    "Guji Uraga": "2023-06-12",
    "Boquete Geisha": "2024-03-18",
    "Mocha Haraaz": "2024-10-07",
    "Java Frinsa Estate": "2023-09-25",
    "Tres Ríos Honey": "2025-03-03",
    "Nyamasheke Honey": "2024-06-10",
    "Blue Hour Espresso": "2024-09-02",
    "Velvet Talon": "2023-10-16",
    "Nordic Light": "2024-01-22",
    "Workshop Filter Kilo": "2025-01-13",
    "Decaf Sumatra": "2025-05-05",
    "Half Caff Breakfast": "2024-11-11",
    "Iced Tonic Concentrate": "2024-05-20",
    "Nitro Can Original": "2023-05-08",
    "Nitro Can Vanilla": "2023-05-09",
    "Capsule Winter Spice": "2023-11-06",
    "Capsule Office Pack": "2024-02-05",
    "Forte Office Bean to Cup": "2024-07-15",
    "Bianca Lever Machine": "2023-08-21",
    "Piccolo Plus Capsule Machine": "2025-02-17",
    "Espresso Dial Grinder": "2024-04-08",
    "Burr Titan Hand Grinder": "2025-06-23",
    "Precision Kettle": "2023-12-04",
    "Brew Scale Pro": "2024-08-19",
    "Cold Brew Tower": "2024-06-03",
    "Chilli Hot Chocolate": "2023-10-02",
    "Advent Coffee Calendar": "2023-09-18",
    "Decaf Discovery Box": "2025-09-08",
    "Office Welcome Hamper": "2024-10-21",
    "Travel Tumbler Steel": "2025-04-14",
}
JUST_LAUNCHED = {
    "Caranavi Colonial": "2025-11-03",
    "First Snow": "2025-11-05",
    "Enamel Camp Mug": "2025-11-10",
}
NEVER_SOLD = {"Siphon Brewer", "Forte Bean to Cup"} | set(JUST_LAUNCHED)

TAGS = {  # how many products carry it, and the top categories it suits
    "organic": (0.28, "Coffee Tea & Cocoa"),
    "fair trade": (0.34, "Coffee Tea & Cocoa"),
    "direct trade": (0.2, "Coffee"),
    "single estate": (0.14, "Coffee"),
    "limited edition": (0.07, "Coffee Gifts"),
    "bestseller": (0.1, "Coffee Equipment Tea & Cocoa Gifts"),
    "award winner": (0.07, "Coffee Equipment"),
    "gift": (0.16, "Equipment Gifts Tea & Cocoa"),
    "vegan": (0.5, "Tea & Cocoa"),
    "low acidity": (0.16, "Coffee"),
    "fruity": (0.26, "Coffee Tea & Cocoa"),
    "chocolatey": (0.24, "Coffee"),
    "nutty": (0.21, "Coffee"),
    "floral": (0.15, "Coffee Tea & Cocoa"),
    "dishwasher safe": (0.35, "Equipment Gifts"),
    "plastic free": (0.22, "Coffee Equipment Gifts"),
}

SUPPLIERS = """
    Abyssinia Green Traders | ET | 48 | 4.7
    Sidama Growers Union | ET | 55 | 4.4
    Cooperativa Serra Azul | BR | 42 | 4.1
    Fazenda Boa Vista Exportadora | BR | 39 | 3.8
    Café de los Andes | CO | 44 | 4.5
    Huila Beans Collective | CO | 51 | 4.8
    Hamburg Green Coffee | DE | 9 | 4.2
    Speicherstadt Import | DE | 7 | 3.6
    Müller & Söhne Maschinenbau | DE | 21 | 4.6
    Amsterdam Bean Exchange | NL | 8 | 3.9
    Delft Ceramics | NL | 18 | 4.3
    Lombardi Macchine | IT | 28 | 4.0
    Officina Bianca | IT | 33 | 3.4
    Torrefazione D'Angelo | IT | 16 | 2.9
    Swiss Water Works | CH | 25 | 4.9
    Alpen Kapsel | CH | 14 | 3.5
    Nordic Kettle Company | DK | 19 | 4.15
    Malmö Glasbruk | SE | 23 | 3.3
    Thames Tea Merchants | GB | 11 | 3.7
    Sheffield Steelworks | GB | 17 | 2.6
    Cork Cocoa House | IE | 13 | 3.1
    Papeterie du Rhône | FR | 12 | 2.8
    Lisbon Packaging | PT | 15 |
    Kraków Gift Makers | PL | 10 |
    Portland Gear Lab | US | 36 | 3.2"""
INACTIVE_SUPPLIERS = {"Speicherstadt Import", "Torrefazione D'Angelo", "Papeterie du Rhône"}
